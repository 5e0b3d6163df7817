"""What several packages of the product use; it knows none of them."""
