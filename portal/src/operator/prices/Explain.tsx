import { Stack } from '@mantine/core';
import { usd } from '~/shared/text/format';
import { Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { when } from '../when';
import { explain, type PriceExplanation } from './data';
import css from './prices.module.css';
import { QuestionCard } from './QuestionCard';
import { subjectOf, valueOf } from './rules';

/** Why something costs what it costs. */
export function Explain() {
  return (
    <QuestionCard
      title="Why does it cost that?"
      products="p3:data-us-5gb, a bundle, a network or a SKU"
      dealers="One without rules"
      ask={explain}
    >
      {(answer) => <Answer answer={answer} />}
    </QuestionCard>
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
      <DataTable
        caption="Rules that are for it, the most exact first"
        columns={columns}
        rows={answer.rules}
        keyOf={(rule) => rule.id}
        empty={<Empty title="No rule is for it" />}
      />
    </Stack>
  );
}
