import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { plural } from '~/shared/text/format';
import { Action } from '../act/Action';
import { addDealer, eraseCustomer, type Dealer } from './data';
import { dealerStatuses, statusLooks } from './filters';

export function AddDealer() {
  const navigate = useNavigate();
  const [email, setEmail] = useState('');
  const [company, setCompany] = useState('');
  const [status, setStatus] = useState<Dealer['status']>('approved');
  const [portal, setPortal] = useState(false);
  return (
    <Action
      name="Add a dealer"
      look={{ variant: 'filled' }}
      role="admin"
      title="Add a dealer"
      says="The dealer signs in with a code that is mailed to this address. The wallet is empty at first."
      confirm="Add"
      isReady={email.includes('@') && company.trim() !== ''}
      run={async () => {
        const added = await addDealer({ email: email.trim(), company: company.trim(), status, portal });
        await navigate({ to: '/dealers/$dealer', params: { dealer: added.email } });
        return `${added.company} is added.`;
      }}
    >
      <TextInput
        label="Company"
        maxLength={200}
        value={company}
        onChange={(event) => setCompany(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Email"
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <NativeSelect
        label="Status"
        value={status}
        onChange={(event) =>
          setStatus(dealerStatuses.find((one) => one === event.currentTarget.value) ?? 'pending')
        }
        data={dealerStatuses.map((one) => ({ value: one, label: statusLooks[one].name }))}
      />
      <Checkbox
        label="May buy from stock and have codes verified"
        checked={portal}
        onChange={(event) => setPortal(event.currentTarget.checked)}
      />
    </Action>
  );
}

export function EraseCustomer() {
  const [email, setEmail] = useState('');
  return (
    <Action
      name="Forget a customer"
      role="admin"
      title="Forget a customer"
      says="Name, addresses, IMEI and EID in orders that have ended are erased, and the mails to the customer. Orders and money stay. This cannot be taken back."
      typed={email.trim() || 'the address'}
      isReady={email.includes('@')}
      isDangerous
      confirm="Forget the customer"
      onOpen={() => setEmail('')}
      run={async () => {
        const done = await eraseCustomer(email.trim());
        const left =
          done.orders_under_way > 0 ? ` ${plural(done.orders_under_way, 'order')} not ended yet.` : '';
        return `Forgotten in ${plural(done.orders, 'order')} and ${plural(done.mails, 'mail')}.${left}`;
      }}
    >
      <TextInput
        label="The customer’s email"
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
    </Action>
  );
}
