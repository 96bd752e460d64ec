import { Button, Code, Drawer } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { moment } from '~/shared/text/format';
import { words } from '~/shared/text/words';
import { MoreFoot } from '~/shared/ui/lists';
import { failed, told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { deliveriesQuery, replay, type Delivery, type Webhook } from './data';
import css from './developers.module.css';

const looks = {
  pending: { name: 'beingSent', color: 'blue' },
  delivered: { name: 'delivered', color: 'green' },
  failed: { name: 'failed', color: 'red' },
} as const;

export function Deliveries({ hook, onClose }: { hook: Webhook | null; onClose: () => void }) {
  return (
    <Drawer
      opened={hook !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={t.developers.deliveries}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {hook && <List hook={hook} />}
    </Drawer>
  );
}

function List({ hook }: { hook: Webhook }) {
  const list = useInfiniteQuery(deliveriesQuery(hook.id));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Shown of={list}>
      {() => (
        <>
          {rows.length === 0 && (
            <Empty title={t.developers.noDeliveries}>{t.developers.noDeliveriesText}</Empty>
          )}
          <ul className={css.deliveries}>
            {rows.map((delivery) => (
              <Item key={delivery.id} hook={hook} delivery={delivery} />
            ))}
          </ul>
          {rows.length > 0 && (
            <div className={css.more}>
              <MoreFoot rows={rows.length} list={list} />
            </div>
          )}
        </>
      )}
    </Shown>
  );
}

function Item({ hook, delivery }: { hook: Webhook; delivery: Delivery }) {
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => replay(hook.id, delivery.id),
    onSuccess: async () => {
      told(t.developers.sentAgain);
      await queries.invalidateQueries({ queryKey: ['deliveries', hook.id] });
    },
    onError: failed,
  });
  const look = looks[delivery.status];
  return (
    <li className={css.delivery}>
      <div className={css.line}>
        <strong>{delivery.event}</strong>
        <Tag color={look.color}>{t.developers[look.name]}</Tag>
      </div>
      <div className={ui.label}>
        {moment(delivery.createdAt)}
        {delivery.httpStatus !== null && ` · ${t.developers.answered(delivery.httpStatus)}`}
        {delivery.tookMs !== null && ` ${t.developers.took(delivery.tookMs)}`}
        {delivery.attempts > 1 && ` · ${t.developers.attempts(delivery.attempts)}`}
      </div>
      {delivery.error && <div className={css.error}>{delivery.error}</div>}
      <details>
        <summary>{t.developers.message}</summary>
        <Code block>{JSON.stringify(delivery.body, null, 2)}</Code>
        {delivery.answer && <Code block>{delivery.answer}</Code>}
      </details>
      <Button
        size="compact-sm"
        variant="default"
        loading={again.isPending}
        disabled={hook.disabled}
        onClick={() => again.mutate()}
      >
        {t.developers.sendAgain}
      </Button>
    </li>
  );
}
