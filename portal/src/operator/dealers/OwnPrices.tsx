import { Anchor } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { rulesQuery, type PriceRule } from '../prices/data';
import { ruleStates, valueOf } from '../prices/rules';
import { when } from '../when';

const none = { product: undefined, country: undefined, all: undefined };

const columns: Column<PriceRule>[] = [
  { name: 'For', cell: (rule) => <strong>{rule.product ?? rule.country ?? 'Everything'}</strong> },
  {
    name: 'State',
    cell: (rule) => <Tag color={ruleStates[rule.state].tone}>{ruleStates[rule.state].name}</Tag>,
  },
  { name: 'From', cell: (rule) => when(rule.from) },
  { name: 'Price', right: true, cell: valueOf },
];

/** The products whose price differs for this dealer. */
export function OwnPrices({ dealer }: { dealer: string }) {
  const rules = useInfiniteQuery(rulesQuery({ ...none, dealer }));
  return (
    <Card
      title="Prices of this dealer"
      flush
      actions={
        <Anchor component={Link} to={`/prices?dealer=${encodeURIComponent(dealer)}`} size="sm">
          All rules
        </Anchor>
      }
    >
      <Shown of={rules}>
        {({ pages }) => (
          <DataTable
            caption="Prices of this dealer"
            columns={columns}
            rows={pages[0]!.data}
            keyOf={(rule) => rule.id}
            empty={
              <Empty title="None of its own">
                It pays what all do, and the markup of its account on top.
              </Empty>
            }
          />
        )}
      </Shown>
    </Card>
  );
}
