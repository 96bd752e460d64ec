import { Alert, Button, Checkbox, Drawer, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { newKey } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { data, plural, usd } from '~/shared/text/format';
import { flag } from '../countries';
import { walletQuery } from '../wallet/data';
import { placeOrder, type Product } from './data';
import {
  addressFields,
  emptyForm,
  flawsOf,
  mostUnits,
  totalOf,
  wishOf,
  type AddressField,
  type OrderForm,
} from './wish';
import css from './shop.module.css';

const languages = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'German' },
  { value: 'es', label: 'Spanish' },
  { value: 'fr', label: 'French' },
  { value: 'ja', label: 'Japanese' },
];

const addressNames: Record<AddressField, string> = {
  first_name: 'First name',
  last_name: 'Last name',
  address_line_1: 'Street',
  city: 'City',
  state: 'State',
  zip_code: 'ZIP code',
  phone: 'Phone',
};

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
      title={product ? `Order ${product.name}` : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {product && <OrderFields key={product.id} product={product} onClose={onClose} />}
    </Drawer>
  );
}

function OrderFields({ product, onClose }: { product: Product; onClose: () => void }) {
  const [form, setForm] = useState<OrderForm>(emptyForm);
  const [touched, setTouched] = useState<Record<string, boolean>>({});
  const navigate = useNavigate();
  const queries = useQueryClient();
  const wallet = useQuery(walletQuery);
  // The same key as long as the order is the same: a second click, or one after a lost answer, buys nothing more.
  const key = useRef({ of: '', key: '' });

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
    setTouched(Object.fromEntries(Object.keys(flaws).map((name) => [name, true])));
    if (Object.keys(flaws).length === 0) placing.mutate();
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <div className={css.product}>
          <span className={css.flag} aria-hidden>
            {flag(product.country ?? '')}
          </span>
          <span>
            <strong>{usd(product.priceUsd)} each</strong>
            <small>
              {data(product.dataMb)}
              {product.validityDays !== null && `, ${plural(product.validityDays, 'day')}`}
            </small>
          </span>
        </div>
        <NumberInput
          label="Quantity"
          min={1}
          max={mostUnits}
          allowDecimal={false}
          value={form.quantity}
          onChange={(quantity) => setForm((old) => ({ ...old, quantity }))}
          {...field('quantity')}
        />
        <TextInput
          label="Customer’s name"
          autoComplete="off"
          withAsterisk
          data-autofocus
          {...text('customerName')}
        />
        <TextInput
          label="Customer’s email"
          type="email"
          autoComplete="off"
          withAsterisk
          {...text('customerEmail')}
        />
        <TextInput
          label="Your reference"
          description="Optional. You find the order by it."
          value={form.customerReference}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setForm((old) => ({ ...old, customerReference: value }));
          }}
        />
        {product.requires.includes('imei') && (
          <TextInput label="IMEI" inputMode="numeric" withAsterisk {...text('imei')} />
        )}
        {product.requires.includes('eid') && <TextInput label="EID" withAsterisk {...text('eid')} />}
        {product.requires.includes('address') && (
          <div className={css.grid}>
            {addressFields.map((name) => (
              <TextInput
                key={name}
                label={addressNames[name]}
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
          label="Mail the QR code to the customer"
          checked={form.sendEmail}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            setForm((old) => ({ ...old, sendEmail: checked }));
          }}
        />
        {form.sendEmail && (
          <NativeSelect
            label="Language of the mail"
            value={form.language}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setForm((old) => ({ ...old, language: value }));
            }}
            data={languages}
          />
        )}
        <div className={css.summary}>
          <div className={css.total}>
            <strong>Total</strong>
            <strong>{usd(total)}</strong>
          </div>
          {wallet.data && missing <= 0 && (
            <div className={css.total}>
              <span>Balance afterwards</span>
              <span>{usd(wallet.data.balance - total)}</span>
            </div>
          )}
        </div>
        {missing > 0 && (
          <Alert color="yellow" variant="light">
            Your wallet is {usd(missing)} short. Top it up first.
          </Alert>
        )}
        {placing.error && (
          <Alert color="red" role="alert" variant="light">
            {asProblem(placing.error).message}
          </Alert>
        )}
        <Button type="submit" loading={placing.isPending} disabled={missing > 0}>
          Order for {usd(total)}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Stack>
    </form>
  );
}
