import { Stack } from '@mantine/core';
import { usd } from '~/shared/text/format';
import { Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { QuestionCard } from './QuestionCard';
import { explainRoute, type RouteExplanation } from './routes';

/** From which provider something is bought, and why. */
export function ExplainRoute() {
  return (
    <QuestionCard
      title="Of whom is it bought?"
      products="esim_5gb_30days_jp"
      dealers="One without pins"
      ask={explainRoute}
    >
      {(answer) => <Answer answer={answer} />}
    </QuestionCard>
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
      <DataTable
        caption="What can be bought for it, in the order in which it is asked for"
        columns={columns(answer.first)}
        rows={answer.choices}
        keyOf={(choice) => choice.product}
        empty={<Empty title="Nobody sells it" />}
      />
    </Stack>
  );
}
