-- From whom bundles are bought that several providers sell (protocols/orders/routes.hpp).

-- What may be bought in the place of a product.
CREATE TABLE bundle_routes (
  product text NOT NULL,
  other text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT bundle_routes_pkey PRIMARY KEY (product, other),
  CONSTRAINT bundle_routes_another CHECK (product <> other)
);

-- What is bought from one provider only: for a dealer, a product, or one product of a dealer.
CREATE TABLE route_pins (
  dealer_id uuid CONSTRAINT route_pins_dealer REFERENCES dealers (id),
  -- Empty for all products.
  product text NOT NULL,
  provider text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT route_pins_key UNIQUE NULLS NOT DISTINCT (dealer_id, product),
  CONSTRAINT route_pins_of_something CHECK (dealer_id IS NOT NULL OR product <> '')
);

-- Under which product a unit of an order was last asked for, if several providers sell it. The row
-- is there before the provider is asked. While it is open, nobody knows what became of that, and no
-- other provider is asked.
CREATE TABLE order_routes (
  order_id uuid NOT NULL CONSTRAINT order_routes_order REFERENCES orders (id),
  unit integer NOT NULL CONSTRAINT order_routes_unit CHECK (unit BETWEEN 1 AND 20),
  product text NOT NULL,
  is_open boolean NOT NULL DEFAULT true,
  asked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT order_routes_pkey PRIMARY KEY (order_id, unit)
);
