"""What the policy owner sees: questions, gaps, votes and costs as rows, figures and one page."""
