"""Where the steps meet. Loads none of them: who asks which sites there are need not wait for what reads articles."""
