"""Many runs over time: series, and where they changed."""
