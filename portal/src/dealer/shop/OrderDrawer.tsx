import { Alert, Button, Checkbox, Drawer, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { newKey } from '~/shared/api/client';
import { data, daysLong, usd } from '~/shared/text/format';
import { words } from '~/shared/text/words';
import { Refusal } from '~/shared/ui/states';
import { walletQuery } from '../wallet/data';
import { language, languageNames, t } from '../words';
import { placeOrder, type Product } from './data';
import { Flag } from './Flag';
import { addressFields, emptyForm, flawsOf, mostUnits, totalOf, wishOf, type OrderForm } from './wish';
import css from './shop.module.css';

interface Props {
  product: Product | undefined;
  onClose: () => void;
}

export function OrderDrawer({ product, onClose }: Props) {
  return (
    <Drawer
      opened={product !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title={product ? t.shop.orderWhat(product.name) : ''}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {product && <OrderFields key={product.id} product={product} onClose={onClose} />}
    </Drawer>
  );
}

function OrderFields({ product, onClose }: { product: Product; onClose: () => void }) {
  const [form, setForm] = useState<OrderForm>({ ...emptyForm, language });
  const [touched, setTouched] = useState<Record<string, boolean>>({});
  const navigate = useNavigate();
  const queries = useQueryClient();
  const wallet = useQuery(walletQuery);
  // The key stays the same as long as the order does: a second click, or one after a lost answer, buys nothing more.
  const key = useRef({ of: '', key: '' });
  const fields = useRef<HTMLFormElement>(null);

  const flaws = flawsOf(form, product);
  const total = totalOf(form, product);
  const missing = wallet.data ? total - wallet.data.balance : 0;
  const placing = useMutation({
    mutationFn: () => {
      const wish = wishOf(form, product);
      const of = JSON.stringify(wish);
      if (key.current.of !== of) key.current = { of, key: newKey() };
      return placeOrder(wish, key.current.key);
    },
    onSuccess: async (order) => {
      void queries.invalidateQueries({ queryKey: ['wallet'] });
      void queries.invalidateQueries({ queryKey: ['orders'] });
      await navigate({ to: '/orders/$order', params: { order: order.shortId } });
    },
    // The price may be another one by now.
    onError: () => void queries.invalidateQueries({ queryKey: ['products'] }),
  });

  const field = (name: keyof typeof flaws) => ({
    error: touched[name] ? flaws[name] : undefined,
    onBlur: () => setTouched((old) => ({ ...old, [name]: true })),
  });
  const text = (name: 'customerName' | 'customerEmail' | 'imei' | 'eid') => ({
    ...field(name),
    value: form[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      const { value } = event.currentTarget;
      setForm((old) => ({ ...old, [name]: value }));
    },
  });
  const submit = () => {
    if (Object.keys(flaws).length === 0) return placing.mutate();
    flushSync(() => setTouched(Object.fromEntries(Object.keys(flaws).map((name) => [name, true]))));
    fields.current?.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus();
  };

  return (
    <form
      ref={fields}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <div className={css.product}>
          <Flag of={product.country} />
          <span>
            <strong>{t.shop.each(usd(product.priceUsd))}</strong>
            <small>
              {data(product.dataMb)}
              {product.validityDays !== null && `, ${daysLong(product.validityDays)}`}
            </small>
          </span>
        </div>
        <NumberInput
          label={t.fields.quantity}
          min={1}
          max={mostUnits}
          allowDecimal={false}
          value={form.quantity}
          onChange={(quantity) => setForm((old) => ({ ...old, quantity }))}
          {...field('quantity')}
        />
        <TextInput
          label={t.shop.customerName}
          autoComplete="off"
          withAsterisk
          data-autofocus
          {...text('customerName')}
        />
        <TextInput
          label={t.shop.customerEmail}
          type="email"
          autoComplete="off"
          withAsterisk
          {...text('customerEmail')}
        />
        <TextInput
          label={t.shop.yourReference}
          description={t.shop.referenceHint}
          value={form.customerReference}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setForm((old) => ({ ...old, customerReference: value }));
          }}
        />
        {product.requires.includes('imei') && (
          <TextInput label={t.shop.imei} inputMode="numeric" withAsterisk {...text('imei')} />
        )}
        {product.requires.includes('eid') && <TextInput label={t.shop.eid} withAsterisk {...text('eid')} />}
        {product.requires.includes('address') && (
          <div className={css.grid}>
            {addressFields.map((name) => (
              <TextInput
                key={name}
                label={t.shop.address[name]}
                withAsterisk
                value={form.address[name]}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setForm((old) => ({ ...old, address: { ...old.address, [name]: value } }));
                }}
                {...field(name)}
              />
            ))}
          </div>
        )}
        <Checkbox
          label={t.shop.mailIt}
          checked={form.sendEmail}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            setForm((old) => ({ ...old, sendEmail: checked }));
          }}
        />
        {form.sendEmail && (
          <NativeSelect
            label={t.shop.mailLanguage}
            value={form.language}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setForm((old) => ({ ...old, language: value }));
            }}
            data={Object.entries(languageNames).map(([value, label]) => ({ value, label }))}
          />
        )}
        <div className={css.summary}>
          <div className={css.total}>
            <strong>{t.fields.total}</strong>
            <strong>{usd(total)}</strong>
          </div>
          {wallet.data && missing <= 0 && (
            <div className={css.total}>
              <span>{t.fields.balanceAfterwards}</span>
              <span>{usd(wallet.data.balance - total)}</span>
            </div>
          )}
        </div>
        {missing > 0 && (
          <Alert color="yellow" variant="light">
            {t.shop.short(usd(missing))}
          </Alert>
        )}
        <Refusal error={placing.error} />
        <Button
          type="submit"
          loading={placing.isPending}
          disabled={missing > 0}
          // The field that is left would show its flaw at once, and move the button away from under the pointer.
          onMouseDown={(event) => event.preventDefault()}
        >
          {t.shop.orderFor(usd(total))}
        </Button>
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
      </Stack>
    </form>
  );
}
