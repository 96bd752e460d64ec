import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Failed } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { when } from '../when';
import { explain, type PriceExplanation } from './data';
import css from './prices.module.css';
import { subjectOf, valueOf } from './rules';

/** Why something costs what it costs. */
export function Explain() {
  const [product, setProduct] = useState('');
  const [dealer, setDealer] = useState('');
  const asking = useMutation({ mutationFn: () => explain(product.trim(), dealer.trim() || undefined) });
  return (
    <Card title="Why does it cost that?">
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
            placeholder="p3:data-us-5gb, a bundle, a network or a SKU"
            value={product}
            onChange={(event) => setProduct(event.currentTarget.value)}
          />
          <TextInput
            label="Dealer"
            size="sm"
            placeholder="One without rules"
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

type Rule = PriceExplanation['rules'][number];

const columns: Column<Rule>[] = [
  {
    name: 'Rule for',
    cell: (rule) => (
      <>
        {subjectOf(rule)} {rule.wins && <Tag color="green">Decides</Tag>}
      </>
    ),
  },
  { name: 'From', cell: (rule) => when(rule.from) },
  { name: 'Says', right: true, cell: valueOf },
  { name: 'Gives', right: true, cell: (rule) => usd(rule.givesUsd) },
];

function decider({ decidedBy, accountMarkupPct, kind }: PriceExplanation): string {
  if (decidedBy === 'rule') return 'By the rule that is marked below.';
  if (decidedBy === 'account') return `By the markup of the dealer’s account, ${accountMarkupPct} %.`;
  return kind === 'sku' ? 'By its own price: no rule is for it.' : 'By the provider: no rule is for it.';
}

function Answer({ answer }: { answer: PriceExplanation }) {
  const { costUsd, chargedIn, chargedAmount, rateUsd, rateAt, marginUsd, marginPct } = answer;
  return (
    <Stack role="status">
      <div className={css.figures}>
        <Figure label={answer.name} value={usd(answer.priceUsd)} note={decider(answer)} />
        <Figure
          label="Cost"
          value={costUsd === null ? '–' : usd(costUsd)}
          note={
            rateAt !== null &&
            `${chargedAmount ?? ''} ${chargedIn} at ${rateUsd} USD since ${when(rateAt)}`.trim()
          }
        />
        <Figure
          label="Margin"
          value={marginUsd === null ? '–' : usd(marginUsd)}
          note={marginPct !== null && `${marginPct} %`}
        />
      </div>
      <div className={ui.flush}>
        <DataTable
          caption="Rules that are for it, the most exact first"
          columns={columns}
          rows={answer.rules}
          keyOf={(rule) => rule.id}
          empty={<Empty title="No rule is for it" />}
        />
      </div>
    </Stack>
  );
}
