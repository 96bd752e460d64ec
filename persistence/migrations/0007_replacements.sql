ALTER TABLE orders ADD COLUMN replaces uuid CONSTRAINT orders_replaces REFERENCES orders (id);
