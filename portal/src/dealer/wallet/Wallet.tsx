import { Anchor, Button, Group, Menu, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { moment, signedUsd, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { DayRange, MoreFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { creditNote } from './credit';
import { t } from '../words';
import { allTransactions, transactionsQuery, walletQuery, type Transaction } from './data';
import { entryTypes, type WalletFilters } from './filters';
import { partsOf } from './parts';
import { recentMonths } from './months';
import { ReturnFromCheckout } from './ReturnFromCheckout';
import { TopUp } from './TopUp';

const route = getRouteApi('/inside/wallet');

const columns = (): Column<Transaction>[] => [
  {
    name: t.fields.time,
    whole: true,
    cell: (entry) => moment(entry.created_at),
    csv: (entry) => entry.created_at,
  },
  {
    name: t.fields.type,
    cell: (entry) => <Tag color={entry.amount_usd < 0 ? 'gray' : 'green'}>{t.wallet.types[entry.type]}</Tag>,
    csv: (entry) => entry.type,
  },
  {
    name: t.fields.description,
    cell: (entry) => <Description entry={entry} />,
    csv: (entry) => entry.description,
  },
  {
    name: t.fields.amount,
    right: true,
    cell: (entry) => (
      <span style={{ color: entry.amount_usd > 0 ? 'var(--good)' : undefined }}>
        {signedUsd(entry.amount_usd)}
      </span>
    ),
    csv: (entry) => entry.amount_usd.toFixed(2),
  },
  {
    name: t.fields.balance,
    right: true,
    cell: (entry) => usd(entry.balance_after_usd),
    csv: (entry) => entry.balance_after_usd.toFixed(2),
  },
];

/** A text whose ids lead to their orders and batches. */
function Linked({ text }: { text: string }) {
  return partsOf(text).map(({ shown, to }, place) =>
    to ? (
      <Anchor key={place} component={Link} to={to} size="sm">
        {shown}
      </Anchor>
    ) : (
      shown
    ),
  );
}

/** What it was for, with the receipt of a card payment. */
function Description({ entry }: { entry: Transaction }) {
  if (!entry.receipt_url) return <Linked text={entry.description} />;
  return (
    <>
      {entry.description}{' '}
      <Anchor
        href={entry.receipt_url}
        download
        size="sm"
        aria-label={t.wallet.receiptOf(moment(entry.created_at))}
      >
        {t.wallet.receipt}
      </Anchor>
    </>
  );
}

export function Wallet() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [isTopUpOpen, topUp] = useDisclosure(false);
  const wallet = useQuery(walletQuery);
  const set = (change: Partial<WalletFilters>) =>
    void navigate({ search: (old: WalletFilters) => ({ ...old, ...change }), replace: true });
  return (
    <Page
      name={t.pages.wallet}
      actions={
        <>
          <Statements />
          <Button size="sm" leftSection={<IconPlus size={16} />} onClick={topUp.open}>
            {t.wallet.topUp}
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
                label={t.fields.balance}
                value={usd(data.balance)}
                note={data.markupPct > 0 && t.wallet.markup(data.markupPct)}
              />
              {data.creditLimit !== null && (
                <Figure
                  label={t.wallet.onAccount}
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

const statementFiles = [
  { kind: 'PDF', path: '/dealer/statement.pdf' },
  { kind: 'CSV', path: '/dealer/statement' },
];

function Statements() {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<IconChevronDown size={16} />}>
          {t.wallet.statements}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {recentMonths(new Date()).map((month) => (
          <Group key={month.id} role="group" aria-label={month.name} justify="space-between" wrap="nowrap">
            <Text size="sm" pl="sm">
              {month.name}
            </Text>
            <Group gap={0} wrap="nowrap">
              {statementFiles.map(({ kind, path }) => (
                <Menu.Item
                  key={kind}
                  component="a"
                  w="auto"
                  href={`${path}?month=${month.id}`}
                  download={`statement-${month.id}.${kind.toLowerCase()}`}
                  aria-label={`${month.name}, ${kind}`}
                >
                  {kind}
                </Menu.Item>
              ))}
            </Group>
          </Group>
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
      title={t.wallet.transactions}
      flush
      actions={
        <ExportButton
          file="transactions.csv"
          columns={columns()}
          rows={() => allTransactions(filters)}
          disabled={rows.length === 0}
        />
      }
    >
      <div className={ui.filters}>
        <NativeSelect
          label={t.fields.type}
          size="sm"
          value={filters.type ?? ''}
          onChange={(event) => set({ type: entryTypes.find((type) => type === event.currentTarget.value) })}
          data={[
            { value: '', label: t.fields.all },
            ...entryTypes.map((type) => ({ value: type, label: t.wallet.types[type] })),
          ]}
        />
        <DayRange from={filters.from} to={filters.to} set={set} />
        {isFiltered && (
          <Button
            variant="subtle"
            size="sm"
            onClick={() => set({ type: undefined, from: undefined, to: undefined })}
          >
            {t.wallet.clear}
          </Button>
        )}
      </div>
      <Shown of={list}>
        {() => (
          <DataTable
            caption={t.wallet.transactions}
            columns={columns()}
            rows={rows}
            keyOf={(entry) => entry.id}
            empty={
              isFiltered ? (
                <Empty title={t.wallet.noMatch} />
              ) : (
                <Empty title={t.wallet.none}>{t.wallet.noneText}</Empty>
              )
            }
            foot={<MoreFoot rows={rows.length} list={list} />}
          />
        )}
      </Shown>
    </Card>
  );
}
