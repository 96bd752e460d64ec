import { useQuery } from '@tanstack/react-query';
import { plural } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { when } from '../when';
import { daysUntil, type Certificate } from './certificates';
import { certificatesQuery } from './data';

/** As the health of a node has it. */
const warningDays = 14;

function Left({ endsAt }: { endsAt: string }) {
  const days = daysUntil(endsAt);
  if (days < 0) return <Tag color="red">Has expired</Tag>;
  return <Tag color={days < warningDays ? 'orange' : 'green'}>{`${plural(days, 'day')} left`}</Tag>;
}

const columns: Column<Certificate>[] = [
  { name: 'File', cell: (one) => <span className="mono">{one.file}</span> },
  { name: 'State', cell: (one) => <Left endsAt={one.endsAt} /> },
  { name: 'Ends', cell: (one) => when(one.endsAt) },
];

/** The certificates by which others know this node. */
export function Certificates() {
  const certificates = useQuery(certificatesQuery);
  return (
    <Card title="Certificates of this node" flush>
      <Shown of={certificates} lines={2}>
        {(rows) => (
          <DataTable
            caption="Certificates of this node"
            columns={columns}
            rows={rows}
            keyOf={(one) => one.file}
            empty={
              <Empty title="It has none">
                A node alone needs none. With other nodes, or devices at other sites, it shows itself by
                certificates.
              </Empty>
            }
          />
        )}
      </Shown>
    </Card>
  );
}
