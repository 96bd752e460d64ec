import { useInfiniteQuery } from '@tanstack/react-query';
import { iccidGroups, moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { MoreFoot } from '~/shared/ui/lists';
import { Shown } from '~/shared/ui/states';
import { t } from '../words';
import { checksQuery, type Check } from './data';

/** What was decided about eSIMs that were to be replaced: a person may do so a day after the dialog was closed. */
export function Replacements() {
  const checks = useInfiniteQuery(checksQuery);
  const rows = checks.data?.pages.flatMap((page) => page.data) ?? [];
  // Most dealers have never had one replaced: nothing is said about it then, nor before it is known.
  if (rows.length === 0 && !checks.isError) return null;
  const columns: Column<Check>[] = [
    {
      name: t.orders.iccid,
      whole: true,
      cell: (check) => <span className="mono">{iccidGroups(check.iccid)}</span>,
    },
    { name: t.fields.time, whole: true, cell: (check) => moment(check.requested_at) },
    { name: t.fields.state, cell: (check) => t.stock.decisions[check.decision] },
    {
      name: t.stock.replacement,
      whole: true,
      cell: ({ replacement }) =>
        replacement ? <span className="mono">{iccidGroups(replacement.iccid)}</span> : t.fields.notApplicable,
    },
  ];
  return (
    <Card title={t.stock.replacements} flush>
      <Shown of={checks}>
        {() => (
          <DataTable
            caption={t.stock.replacements}
            columns={columns}
            rows={rows}
            keyOf={(check) => check.check_id}
            empty={null}
            foot={<MoreFoot rows={rows.length} list={checks} />}
          />
        )}
      </Shown>
    </Card>
  );
}
