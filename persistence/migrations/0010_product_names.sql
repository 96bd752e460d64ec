-- What a customer reads in the mail; the product may not be sold any more by then.
ALTER TABLE orders ADD COLUMN product_name text;
