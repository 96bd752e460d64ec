import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Failed } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import css from './prices.module.css';
import { explainRoute, type RouteExplanation } from './routes';

/** Of whom something is bought, and why. */
export function ExplainRoute() {
  const [product, setProduct] = useState('');
  const [dealer, setDealer] = useState('');
  const asking = useMutation({ mutationFn: () => explainRoute(product.trim(), dealer.trim() || undefined) });
  return (
    <Card title="Of whom is it bought?">
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
            placeholder="esim_5gb_30days_jp"
            value={product}
            onChange={(event) => setProduct(event.currentTarget.value)}
          />
          <TextInput
            label="Dealer"
            size="sm"
            placeholder="One without pins"
            value={dealer}
            onChange={(event) => setDealer(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" disabled={product.trim() === ''} loading={asking.isPending}>
            Explain
          </Button>
        </form>
        {asking.error && <Failed error={asking.error} />}
        {asking.data && <Answer answer={asking.data} />}
      </Stack>
    </Card>
  );
}

type Choice = RouteExplanation['choices'][number];

const columns = (first: string): Column<Choice>[] => [
  {
    name: 'Bought as',
    cell: (choice) => (
      <>
        {choice.product} {choice.product === first && <Tag color="green">First</Tag>}
      </>
    ),
  },
  { name: 'Provider', cell: (choice) => <span className="mono">{choice.provider}</span> },
  { name: 'Not now because', cell: (choice) => choice.obstacle ?? '–' },
  { name: 'Cost', right: true, cell: (choice) => (choice.costUsd === null ? '–' : usd(choice.costUsd)) },
];

function Answer({ answer }: { answer: RouteExplanation }) {
  return (
    <Stack role="status">
      <Figure
        label={answer.product}
        value={usd(answer.priceUsd)}
        note={answer.sold ? `Bought as ${answer.first} first.` : 'Not sold: it costs us more than its price.'}
      />
      <div className={ui.flush}>
        <DataTable
          caption="What can be bought for it, in the order in which it is asked for"
          columns={columns(answer.first)}
          rows={answer.choices}
          keyOf={(choice) => choice.product}
          empty={<Empty title="Nobody sells it" />}
        />
      </div>
    </Stack>
  );
}
