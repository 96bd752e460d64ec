import { Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CopyField } from '~/shared/ui/CopyField';
import { QrCode } from '~/shared/ui/QrCode';
import { Action } from '../act/Action';
import { isLongEnough, NewPassword } from '../act/NewPassword';
import type { Role } from '../roles';
import { addOperator, disable, setCodes, setPassword, setRole, type Account } from './data';

const roles: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer: looks' },
  { value: 'support', label: 'support: orders, mails, reviews' },
  { value: 'finance', label: 'finance: wallets, prices, payments' },
  { value: 'admin', label: 'admin: everything' },
];
const compact = { size: 'compact-sm' } as const;

function RoleField({ role, set }: { role: Role; set: (role: Role) => void }) {
  return (
    <NativeSelect
      label="Role"
      value={role}
      onChange={(event) => set(roles.find((one) => one.value === event.currentTarget.value)!.value)}
      data={roles}
    />
  );
}

export function AddOperator() {
  const [email, setEmail] = useState('');
  const [role, chooseRole] = useState<Role>('viewer');
  const [password, choosePassword] = useState('');
  return (
    <Action
      name="Add an operator"
      role="admin"
      title="Give a person an account"
      says="They sign in here and by meisimctl login. Tell the password in a way that nobody else reads."
      confirm="Add"
      isReady={email.includes('@') && isLongEnough(password)}
      onOpen={() => {
        setEmail('');
        chooseRole('viewer');
        choosePassword('');
      }}
      run={async () => {
        const added = await addOperator(email.trim(), role, password);
        return `${added.email} has an account.`;
      }}
    >
      <TextInput
        label="Email"
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <RoleField role={role} set={chooseRole} />
      <NewPassword password={password} set={choosePassword} />
    </Action>
  );
}

export function OperatorActions({ account }: { account: Account }) {
  return (
    <Group gap="xs" justify="flex-end">
      <RoleAction account={account} />
      {!account.disabledAt && (
        <>
          <CodesAction account={account} />
          <PasswordAction account={account} />
          <CloseAction account={account} />
        </>
      )}
    </Group>
  );
}

function RoleAction({ account }: { account: Account }) {
  const [role, choose] = useState<Role>(account.role);
  const isClosed = account.disabledAt !== null;
  return (
    <Action
      name={isClosed ? 'Open again' : 'Role'}
      about={`of ${account.email}`}
      look={compact}
      role="admin"
      title={isClosed ? `Open the account of ${account.email}` : `Set the role of ${account.email}`}
      says={isClosed ? 'They can sign in again, with this role.' : 'It holds from the next request on.'}
      confirm={isClosed ? 'Open' : 'Set'}
      onOpen={() => choose(account.role)}
      run={async () => {
        await setRole(account.email, role);
        return `${account.email} has the role ${role}.`;
      }}
    >
      <RoleField role={role} set={choose} />
    </Action>
  );
}

function CodesAction({ account }: { account: Account }) {
  const [made, setMade] = useState<{ secret: string; url: string }>();
  return (
    <Action
      name={account.totp && !made ? 'No codes' : 'Codes'}
      about={`of ${account.email}`}
      look={compact}
      role="admin"
      title={account.totp && !made ? 'Ask for codes no more' : 'Ask for one-time codes'}
      says={
        made
          ? 'Scan it with an authenticator now: it is not shown again.'
          : account.totp
            ? `${account.email} signs in by password alone then, and is signed out everywhere now.`
            : `From the next sign-in on, ${account.email} needs a code of an authenticator. They are signed out everywhere now.`
      }
      typed={made ? undefined : account.email}
      isDangerous={account.totp}
      isReady={!made}
      isDone={made !== undefined}
      confirm={account.totp && !made ? 'Ask no more' : 'Ask for codes'}
      onOpen={() => setMade(undefined)}
      run={async () => {
        const set = await setCodes(account.email, !account.totp);
        if (!set.secret || !set.otpauthUrl) return 'Codes are not asked for any more.';
        setMade({ secret: set.secret, url: set.otpauthUrl });
        return undefined;
      }}
    >
      {made && (
        <Stack align="center" role="status">
          <QrCode text={made.url} label={`QR code for the authenticator of ${account.email}`} />
          <CopyField label="Secret" text={made.secret} />
        </Stack>
      )}
    </Action>
  );
}

function PasswordAction({ account }: { account: Account }) {
  const [password, choose] = useState('');
  return (
    <Action
      name="Password"
      about={`of ${account.email}`}
      look={compact}
      role="admin"
      title={`Set the password of ${account.email}`}
      says="They are signed out everywhere now."
      typed={account.email}
      isReady={isLongEnough(password)}
      isDangerous
      confirm="Set the password"
      onOpen={() => choose('')}
      run={async () => {
        await setPassword(account.email, password);
        return 'The password is set.';
      }}
    >
      <NewPassword password={password} set={choose} />
    </Action>
  );
}

function CloseAction({ account }: { account: Account }) {
  return (
    <Action
      name="Close"
      about={`the account of ${account.email}`}
      look={{ ...compact, variant: 'subtle', color: 'red' }}
      role="admin"
      title={`Close the account of ${account.email}`}
      says="They are signed out everywhere now, and cannot sign in again until it is opened."
      typed={account.email}
      isDangerous
      confirm="Close the account"
      run={async () => {
        await disable(account.email);
        return 'The account is closed.';
      }}
    />
  );
}
