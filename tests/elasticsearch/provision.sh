#!/usr/bin/env bash
# provision.sh CACHE_DIR : puts a runnable Elasticsearch under CACHE_DIR (lib/, modules/, native/, launcher/)
# from Maven Central. Idempotent. Needs mvn, unzip and a JDK >= 21 (ES_JAVA_HOME).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dest=${1:?usage: provision.sh CACHE_DIR}
. "$here/java-home.sh"
version=$(sed -n 's:.*<es.version>\(.*\)</es.version>.*:\1:p' "$here/pom.xml")
sum=$(cat "$here"/pom.xml "$here"/*.java "$here"/provision.sh | sha256sum | cut -c1-16)
[ -e "$dest/.ready-$version-$sum" ] && exit 0
mkdir -p "$(dirname "$dest")"
exec 9> "$dest.lock"; flock 9          # two test runs at once: the second waits and finds it done
[ -e "$dest/.ready-$version-$sum" ] && exit 0
tmp="$dest.tmp.$$"; rm -rf "$tmp"; trap 'rm -rf "$tmp"' EXIT
net="$tmp/modules/transport-netty4"; root="$tmp/plugins/root-info"
mkdir -p "$tmp/all" "$tmp/lib" "$tmp/native" "$tmp/launcher" "$tmp/classes" "$net" "$root"

mvn -B -ntp -q -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$tmp/all"
mv "$tmp"/all/{transport-netty4,netty,elasticsearch-ssl-config}-*.jar "$net/"
mv "$tmp"/all/*.jar "$tmp/lib/"; rmdir "$tmp/all"

# the HTTP module's own descriptor and policy are inside its jar
for f in plugin-descriptor.properties entitlement-policy.yaml; do
  unzip -qp "$net"/transport-netty4-*.jar "META-INF/es-plugins/transport-netty4/$f" > "$net/$f"
done

# zstd (stored fields of codec best_compression and of time series): the system's own library
# will do. libvec.so is nowhere on Maven Central: start.sh turns it off.
for f in /usr/lib/*/libzstd.so.1 /usr/lib64/libzstd.so.1; do
  [ -e "$f" ] && ln -sfn "$f" "$tmp/native/libzstd.so" && break
done

opts=(-nowarn --module-path "$tmp/lib" --add-modules ALL-MODULE-PATH)
"$java_home/bin/javac" --release 21 "${opts[@]}" -d "$tmp/launcher" "$here/EsTestNode.java"
"$java_home/bin/javac" --release 21 "${opts[@]}" -d "$tmp/classes" "$here/RootInfoPlugin.java"
"$java_home/bin/jar" --create --file "$root/root-info.jar" -C "$tmp/classes" .
rm -rf "$tmp/classes"
cat > "$root/plugin-descriptor.properties" <<END
description=GET and HEAD on /
version=$version
name=root-info
classname=RootInfoPlugin
java.version=21
elasticsearch.version=$version
END
touch "$tmp/.ready-$version-$sum"
rm -rf "$dest"; mv "$tmp" "$dest"
