from tests.elasticsearch.fixtures import elasticsearch_client, elasticsearch_url

__all__ = ["elasticsearch_client", "elasticsearch_url"]
