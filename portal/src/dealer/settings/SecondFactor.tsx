import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { save } from '~/shared/text/csv';
import { Card } from '~/shared/ui/Card';
import { CopyField } from '~/shared/ui/CopyField';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { told } from '~/shared/ui/notify';
import { QrCode } from '~/shared/ui/QrCode';
import { Refusal, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { t } from '../words';
import { beginFactor, confirmFactor, endFactor, sessionsQuery } from './data';
import css from './settings.module.css';

export function SecondFactor() {
  const known = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const [isBeginning, beginning] = useDisclosure(false);
  const [isEnding, ending] = useDisclosure(false);
  const learn = () => void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  return (
    <Card title={t.settings.factor}>
      <Stack align="flex-start">
        <Text size="sm">{t.settings.factorText}</Text>
        <Shown of={known} lines={1}>
          {({ secondFactor }) => (
            <Group>
              <Tag color={secondFactor ? 'green' : 'gray'}>
                {secondFactor ? t.settings.factorOn : t.settings.factorOff}
              </Tag>
              {secondFactor ? (
                <Button variant="subtle" color="red" onClick={ending.open}>
                  {t.settings.turnOff}
                </Button>
              ) : (
                <Button variant="default" onClick={beginning.open}>
                  {t.settings.setUp}
                </Button>
              )}
            </Group>
          )}
        </Shown>
      </Stack>
      <Dialog opened={isBeginning} onClose={beginning.close} title={t.settings.setUpTitle}>
        {isBeginning && <SetUp onClose={beginning.close} onDone={learn} />}
      </Dialog>
      <Dialog opened={isEnding} onClose={ending.close} title={t.settings.turnOffTitle}>
        {isEnding && <TurnOff onClose={ending.close} onDone={learn} />}
      </Dialog>
    </Card>
  );
}

interface ChangeProps {
  onClose: () => void;
  onDone: () => void;
}

/** The password proves who asks, a first code that the app has the secret; then the recovery codes are shown, once. */
function SetUp({ onClose, onDone }: ChangeProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const beginning = useMutation({ mutationFn: () => beginFactor(password) });
  const confirming = useMutation({ mutationFn: () => confirmFactor(code.trim()), onSuccess: onDone });
  if (confirming.data) return <RecoveryCodes codes={confirming.data.recoveryCodes} onClose={onClose} />;
  if (beginning.data)
    return (
      <Step
        error={confirming.error}
        onClose={onClose}
        onSubmit={confirming.mutate}
        confirm={
          <Button type="submit" loading={confirming.isPending} disabled={code.trim().length !== 6}>
            {t.settings.confirm}
          </Button>
        }
      >
        <Text size="sm">{t.settings.scan}</Text>
        <QrCode text={beginning.data.url} label={t.settings.qrOfFactor} />
        <CopyField label={t.settings.factorSecret} text={beginning.data.secret} />
        <CodeInput value={code} onChange={setCode} />
      </Step>
    );
  return (
    <Step
      error={beginning.error}
      onClose={onClose}
      onSubmit={beginning.mutate}
      confirm={
        <Button type="submit" loading={beginning.isPending} disabled={password === ''}>
          {t.settings.next}
        </Button>
      }
    >
      <PasswordInput
        label={t.fields.currentPassword}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t.fields.showTyped }}
        data-autofocus
      />
    </Step>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Stack>
      <Text size="sm" fw={600}>
        {t.settings.recoveryTitle}
      </Text>
      <Text size="sm">{t.settings.recoveryText}</Text>
      <ul className={css.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={() => save('meisim-recovery-codes.txt', `${codes.join('\n')}\n`, 'text/plain')}
        >
          {t.settings.saveFile}
        </Button>
        <Button onClick={onClose}>{t.settings.kept}</Button>
      </Group>
    </Stack>
  );
}

function TurnOff({ onClose, onDone }: ChangeProps) {
  const [code, setCode] = useState('');
  const ending = useMutation({
    mutationFn: () => endFactor(code.trim()),
    onSuccess: () => {
      told(t.settings.isOff);
      onDone();
      onClose();
    },
  });
  return (
    <Step
      error={ending.error}
      onClose={onClose}
      onSubmit={ending.mutate}
      confirm={
        <Button type="submit" color="red" loading={ending.isPending} disabled={code.trim() === ''}>
          {t.settings.turnOff}
        </Button>
      }
    >
      <Text size="sm">{t.settings.turnOffText}</Text>
      <CodeInput value={code} onChange={setCode} />
    </Step>
  );
}

function CodeInput({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  return (
    <TextInput
      label={t.fields.code}
      autoComplete="one-time-code"
      maxLength={32}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoFocus
      data-autofocus
    />
  );
}

interface StepProps {
  error: unknown;
  onClose: () => void;
  onSubmit: () => void;
  confirm: ReactNode;
  children: ReactNode;
}

function Step({ error, onClose, onSubmit, confirm, children }: StepProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {children}
        <Refusal error={error} />
        <DialogFoot onClose={onClose}>{confirm}</DialogFoot>
      </Stack>
    </form>
  );
}
