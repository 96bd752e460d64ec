import { Badge, Button, Group, Menu, NativeSelect, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { count, moment, signedUsd, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { creditNote } from './credit';
import { allTransactions, transactionsQuery, walletQuery, type Transaction } from './data';
import { entryNames, entryTypes, type WalletFilters } from './filters';
import { recentMonths } from './months';
import { ReturnFromCheckout } from './ReturnFromCheckout';
import { TopUp } from './TopUp';

const route = getRouteApi('/inside/wallet');

const columns: Column<Transaction>[] = [
  { name: 'Time', cell: (entry) => moment(entry.created_at), csv: (entry) => entry.created_at },
  {
    name: 'Type',
    cell: (entry) => (
      <Badge variant="light" color={entry.amount_usd < 0 ? 'gray' : 'green'} tt="none" fw={500}>
        {entryNames[entry.type]}
      </Badge>
    ),
    csv: (entry) => entry.type,
  },
  { name: 'Description', cell: (entry) => entry.description, csv: (entry) => entry.description },
  {
    name: 'Amount',
    right: true,
    cell: (entry) => (
      <span style={{ color: entry.amount_usd > 0 ? 'var(--good)' : undefined }}>
        {signedUsd(entry.amount_usd)}
      </span>
    ),
    csv: (entry) => entry.amount_usd.toFixed(2),
  },
  {
    name: 'Balance',
    right: true,
    cell: (entry) => usd(entry.balance_after_usd),
    csv: (entry) => entry.balance_after_usd.toFixed(2),
  },
];

export function Wallet() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [isTopUpOpen, topUp] = useDisclosure(false);
  const wallet = useQuery(walletQuery);
  const set = (change: Partial<WalletFilters>) =>
    void navigate({ search: (old: WalletFilters) => ({ ...old, ...change }), replace: true });
  return (
    <Page
      name="Wallet"
      actions={
        <>
          <Statements />
          <Button size="sm" leftSection={<IconPlus size={16} />} onClick={topUp.open}>
            Top up
          </Button>
        </>
      }
    >
      {filters.topup && (
        <ReturnFromCheckout session={filters.topup} onClose={() => set({ topup: undefined })} />
      )}
      <Card>
        <Shown of={wallet} lines={2}>
          {(data) => (
            <Group gap="xl" align="flex-start">
              <Figure
                label="Balance"
                value={usd(data.balance)}
                note={`Prices are the provider's and ${data.markupPct} % on top, where no other was agreed.`}
              />
              {data.creditLimit !== null && (
                <Figure
                  label="Ordered on account"
                  value={usd(data.creditUsed)}
                  note={creditNote(data.creditUsed, data.creditLimit)}
                />
              )}
            </Group>
          )}
        </Shown>
      </Card>
      <Transactions filters={filters} set={set} />
      <TopUp opened={isTopUpOpen} onClose={topUp.close} />
    </Page>
  );
}

function Statements() {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<IconChevronDown size={16} />}>
          Statements
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {recentMonths(new Date()).map((month) => (
          <Menu.Item
            key={month.from}
            component="a"
            href={`/dealer/statement?from=${month.from}&to=${month.to}`}
            download={`statement-${month.from.slice(0, 7)}.csv`}
          >
            {month.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface TransactionsProps {
  filters: WalletFilters;
  set: (change: Partial<WalletFilters>) => void;
}

function Transactions({ filters, set }: TransactionsProps) {
  const list = useInfiniteQuery(transactionsQuery(filters));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const isFiltered = Boolean(filters.type ?? filters.from ?? filters.to);
  return (
    <Card
      title="Transactions"
      flush
      actions={
        <ExportButton
          file="transactions.csv"
          columns={columns}
          rows={() => allTransactions(filters)}
          disabled={rows.length === 0}
        />
      }
    >
      <div className={ui.filters}>
        <NativeSelect
          label="Type"
          size="sm"
          value={filters.type ?? ''}
          onChange={(event) => set({ type: entryTypes.find((type) => type === event.currentTarget.value) })}
          data={[
            { value: '', label: 'All' },
            ...entryTypes.map((type) => ({ value: type, label: entryNames[type] })),
          ]}
        />
        <TextInput
          label="From"
          type="date"
          size="sm"
          value={filters.from ?? ''}
          onChange={(event) => set({ from: event.currentTarget.value || undefined })}
        />
        <TextInput
          label="To"
          type="date"
          size="sm"
          value={filters.to ?? ''}
          onChange={(event) => set({ to: event.currentTarget.value || undefined })}
        />
        {isFiltered && (
          <Button
            variant="subtle"
            size="sm"
            onClick={() => set({ type: undefined, from: undefined, to: undefined })}
          >
            Clear
          </Button>
        )}
      </div>
      <Shown of={list}>
        {() => (
          <DataTable
            caption="Transactions"
            columns={columns}
            rows={rows}
            keyOf={(entry) => entry.id}
            empty={
              isFiltered ? (
                <Empty title="Nothing matches these filters" />
              ) : (
                <Empty title="No transactions yet">They begin with your first top-up or order.</Empty>
              )
            }
            foot={
              <>
                <span>{count(rows.length)} shown</span>
                {list.hasNextPage && (
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={list.isFetchingNextPage}
                    onClick={() => void list.fetchNextPage()}
                  >
                    Show more
                  </Button>
                )}
              </>
            }
          />
        )}
      </Shown>
    </Card>
  );
}
