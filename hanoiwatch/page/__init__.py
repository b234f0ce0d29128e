"""What a page is: its bytes as a tree, and whether it can be an article at all."""
