import { Badge } from '@mantine/core';
import { statusLooks, type OrderStatus } from './filters';

export function StatusBadge({ status }: { status: OrderStatus }) {
  const look = statusLooks[status];
  return (
    <Badge variant="light" color={look.color} tt="none" fw={500}>
      {look.name}
    </Badge>
  );
}
