import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Card } from '~/shared/ui/Card';
import { Failed } from '~/shared/ui/states';
import css from './prices.module.css';

/** A question about a product, and perhaps a dealer, with its answer below. */
export function QuestionCard<Answer>({
  title,
  products,
  dealers,
  ask,
  children,
}: {
  title: string;
  /** What may be asked about. */
  products: string;
  /** Whose answer it is without a dealer. */
  dealers: string;
  ask: (product: string, dealer?: string) => Promise<Answer>;
  children: (answer: Answer) => ReactNode;
}) {
  const [product, setProduct] = useState('');
  const [dealer, setDealer] = useState('');
  const asking = useMutation({ mutationFn: () => ask(product.trim(), dealer.trim() || undefined) });
  return (
    <Card title={title}>
      <Stack>
        <form
          className={css.question}
          onSubmit={(event) => {
            event.preventDefault();
            if (product.trim() !== '') asking.mutate();
          }}
        >
          <TextInput
            label="Product"
            size="sm"
            placeholder={products}
            value={product}
            onChange={(event) => setProduct(event.currentTarget.value)}
          />
          <TextInput
            label="Dealer"
            size="sm"
            placeholder={dealers}
            value={dealer}
            onChange={(event) => setDealer(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" disabled={product.trim() === ''} loading={asking.isPending}>
            Explain
          </Button>
        </form>
        {asking.error && <Failed error={asking.error} />}
        {asking.data && children(asking.data)}
      </Stack>
    </Card>
  );
}
