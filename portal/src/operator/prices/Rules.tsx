import { Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { MoreFoot } from '~/shared/ui/lists';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { SearchField } from '../SearchField';
import { when } from '../when';
import { allRules, endRule, rulesQuery, type PriceRule } from './data';
import type { PriceFilters } from './filters';
import { ruleStates, subjectOf, valueOf } from './rules';

const route = getRouteApi('/inside/prices');

const columns: Column<PriceRule>[] = [
  {
    name: 'For',
    cell: (rule) => <strong>{rule.product ?? rule.country ?? 'Everything'}</strong>,
    csv: (rule) => rule.product ?? rule.country,
  },
  { name: 'Dealer', cell: (rule) => rule.dealer ?? 'all', csv: (rule) => rule.dealer },
  {
    name: 'State',
    cell: (rule) => <Tag color={ruleStates[rule.state].tone}>{ruleStates[rule.state].name}</Tag>,
    csv: (rule) => rule.state,
  },
  { name: 'From', cell: (rule) => when(rule.from), csv: (rule) => rule.from },
  { name: 'Ended', cell: (rule) => (rule.endedAt ? when(rule.endedAt) : '–'), csv: (rule) => rule.endedAt },
  { name: 'Set by', cell: (rule) => rule.createdBy, csv: (rule) => rule.createdBy },
  { name: 'Price', right: true, cell: valueOf, csv: valueOf },
  {
    name: '',
    right: true,
    cell: (rule) => (rule.state === 'active' || rule.state === 'scheduled') && <EndAction rule={rule} />,
  },
];

function EndAction({ rule }: { rule: PriceRule }) {
  return (
    <Action
      name="End"
      about={`the rule for ${subjectOf(rule)}`}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="finance"
      title={`End the rule for ${subjectOf(rule)}`}
      says="From now on it counts no more. What it had replaced does not come back: the next less exact rule decides, or else the provider’s price."
      typed={rule.product ?? rule.country ?? 'everything'}
      isDangerous
      confirm="End the rule"
      run={async () => {
        await endRule(rule.id);
        return 'The rule has ended.';
      }}
    />
  );
}

export function Rules() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(rulesQuery(filters));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const set = (change: Partial<PriceFilters>) =>
    void navigate({ search: (old: PriceFilters) => ({ ...old, ...change }), replace: true });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Card
      title="Rules"
      flush
      actions={
        <ExportButton
          file="prices.csv"
          columns={columns}
          rows={() => allRules(filters)}
          disabled={rows.length === 0}
        />
      }
    >
      <div className={ui.filters}>
        <SearchField
          label="Product"
          placeholder="p3:data-us-5gb"
          value={filters.product}
          set={(product) => set({ product })}
        />
        <SearchField
          label="Country"
          placeholder="JP"
          value={filters.country}
          set={(country) => set({ country: country?.toUpperCase() })}
        />
        <SearchField
          label="Dealer"
          placeholder="Email address"
          value={filters.dealer}
          set={(dealer) => set({ dealer })}
        />
        <Checkbox
          label="Also ended ones"
          pb="xs"
          checked={filters.all ?? false}
          onChange={(event) => set({ all: event.currentTarget.checked || undefined })}
        />
      </div>
      <Shown of={list} lines={4}>
        {() => (
          <DataTable
            caption="Rules"
            columns={columns}
            rows={rows}
            keyOf={(rule) => rule.id}
            empty={
              isFiltered ? (
                <Empty title="No rule matches">Names are found as a whole.</Empty>
              ) : (
                <Empty title="No rules yet">
                  Everything costs what the provider takes, and the markup of the dealer’s account on top.
                </Empty>
              )
            }
            foot={<MoreFoot rows={rows.length} list={list} />}
          />
        )}
      </Shown>
    </Card>
  );
}
