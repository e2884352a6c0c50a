"""The public side: who holds an award, and is this certificate true. Anybody may ask; nothing here changes anything."""
