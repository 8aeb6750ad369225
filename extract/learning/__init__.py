"""What people corrected, learned: names by the model, confidences by curves."""
