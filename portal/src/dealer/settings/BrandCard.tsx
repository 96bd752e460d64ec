import { Alert, Button, FileButton, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '~/shared/ui/Card';
import { failed, told } from '~/shared/ui/notify';
import { Refusal, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { brandWishOf, dataUrlOf, isLogo, ourColour, type BrandForm } from './brand';
import { BrandPreview } from './BrandPreview';
import css from './settings.module.css';
import { brandQuery, removeBrand, saveBrand, type Brand } from './data';

export function BrandCard() {
  const brand = useQuery(brandQuery);
  return (
    <Card title={t.settings.brand}>
      <Shown of={brand} lines={4}>
        {(data) => <BrandFields key={data.name} brand={data} />}
      </Shown>
    </Card>
  );
}

function BrandFields({ brand }: { brand: Brand }) {
  const [form, setForm] = useState<BrandForm>({
    name: brand.name ?? '',
    colour: brand.colour ?? ourColour,
    replyTo: brand.replyTo ?? '',
    logo: '',
  });
  const [logoFlaw, setLogoFlaw] = useState('');
  const queries = useQueryClient();
  const set = (change: Partial<BrandForm>) => setForm((old) => ({ ...old, ...change }));
  const show = (saved: Brand) => queries.setQueryData(brandQuery.queryKey, saved);
  const saving = useMutation({
    mutationFn: () => saveBrand(brandWishOf(form)),
    onSuccess: (saved) => {
      told(t.settings.brandSaved);
      show(saved);
    },
  });
  const removing = useMutation({
    mutationFn: removeBrand,
    onSuccess: (gone) => {
      told(t.settings.brandRemoved);
      show(gone);
    },
    onError: failed,
  });
  const takeLogo = async (file: File | null) => {
    if (!file) return;
    setLogoFlaw(isLogo(file) ? '' : t.settings.logoTooLarge);
    if (isLogo(file)) set({ logo: await dataUrlOf(file) });
  };
  return (
    <div className={ui.two}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{t.settings.brandHint}</Text>
          <TextInput
            label={t.settings.brandName}
            maxLength={60}
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t.settings.colour}
            description={t.settings.colourHint}
            type="color"
            classNames={{ input: css.colour }}
            value={form.colour}
            onChange={(event) => set({ colour: event.currentTarget.value })}
          />
          <TextInput
            label={t.settings.replyTo}
            description={t.settings.replyToHint}
            type="email"
            value={form.replyTo}
            onChange={(event) => set({ replyTo: event.currentTarget.value })}
          />
          <Input.Wrapper
            label={t.settings.logo}
            labelElement="div"
            description={t.settings.logoHint}
            error={logoFlaw || undefined}
          >
            <Group mt="xs">
              <FileButton
                onChange={(file) => void takeLogo(file)}
                accept="image/png"
                inputProps={{ 'aria-label': t.settings.logo }}
              >
                {(props) => (
                  <Button {...props} variant="default" size="sm" leftSection={<IconUpload size={16} />}>
                    {t.settings.chooseLogo}
                  </Button>
                )}
              </FileButton>
              {form.logo && (
                <Button variant="subtle" size="sm" onClick={() => set({ logo: '' })}>
                  {t.settings.dropLogo}
                </Button>
              )}
            </Group>
          </Input.Wrapper>
          {brand.hasLogo && !form.logo && (
            <Alert color="yellow" variant="light">
              {t.settings.logoAgain}
            </Alert>
          )}
          <Refusal error={saving.error} />
          <Group>
            <Button type="submit" loading={saving.isPending} disabled={form.name.trim() === ''}>
              {t.settings.saveBrand}
            </Button>
            {brand.name !== null && (
              <Button
                variant="subtle"
                color="red"
                loading={removing.isPending}
                onClick={() => removing.mutate()}
              >
                {t.settings.removeBrand}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      <BrandPreview form={form} />
    </div>
  );
}
