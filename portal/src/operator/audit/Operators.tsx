import { useQuery } from '@tanstack/react-query';
import { day } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { operatorsQuery, type Account } from './data';
import { AddOperator, OperatorActions } from './OperatorActions';

const columns: Column<Account>[] = [
  { name: 'Operator', cell: (account) => <strong>{account.email}</strong> },
  { name: 'Role', cell: (account) => account.role },
  {
    name: 'State',
    cell: (account) =>
      account.disabledAt ? (
        <Tag color="gray">{`Closed ${day(account.disabledAt)}`}</Tag>
      ) : (
        <Tag color="green">Open</Tag>
      ),
  },
  { name: 'One-time codes', cell: (account) => (account.totp ? 'asked for' : 'not asked for') },
  { name: 'Since', cell: (account) => day(account.createdAt) },
  { name: '', right: true, cell: (account) => <OperatorActions account={account} /> },
];

/** The people who may sign in here. */
export function Operators() {
  const operators = useQuery(operatorsQuery);
  return (
    <Card title="Operators" flush actions={<AddOperator />}>
      <Shown of={operators}>
        {(rows) => (
          <PagedTable
            caption="Operators"
            noun="operator"
            columns={columns}
            rows={rows}
            keyOf={(account) => account.email}
            empty={null}
          />
        )}
      </Shown>
    </Card>
  );
}
