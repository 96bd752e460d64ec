import { Tag } from '~/shared/ui/Tag';
import { t } from '../words';
import { statusColors, type OrderStatus } from './filters';

export function StatusBadge({ status }: { status: OrderStatus }) {
  return <Tag color={statusColors[status]}>{t.orders.statuses[status]}</Tag>;
}
