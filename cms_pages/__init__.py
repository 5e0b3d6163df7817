"""Page types and blocks with which editors write about the service (label diia_cms_pages)."""
