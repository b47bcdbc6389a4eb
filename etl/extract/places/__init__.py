"""Where somebody may have received something: each name at each sentence, with the clues that models weigh."""
