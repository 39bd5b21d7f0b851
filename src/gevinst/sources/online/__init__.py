"""Published figures from jobindsats and StatBank: fetched only when `gevinst fetch` is run, kept as they came."""
