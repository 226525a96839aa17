import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0005_scheme_drafts_are_edited'),
        ('staff', '0002_account_must_change_password'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('project', models.BigIntegerField(null=True, verbose_name='项目')),
                ('achievement', models.BigIntegerField(null=True, verbose_name='业绩')),
            ],
            options={
                'verbose_name': '待入账',
                'verbose_name_plural': '待入账',
            },
        ),
        migrations.CreateModel(
            name='RunPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='内容')),
                ('done', models.BooleanField(default=False, verbose_name='已完成')),
                ('result', models.JSONField(default=dict, verbose_name='结果')),
            ],
            options={
                'verbose_name': '批次分工',
                'verbose_name_plural': '批次分工',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RunSubtotals',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('engine', models.PositiveSmallIntegerField(verbose_name='引擎版本')),
                ('values', models.JSONField(default=dict, verbose_name='小计')),
            ],
            options={
                'verbose_name': '计量小计',
                'verbose_name_plural': '计量小计',
            },
        ),
        migrations.AddField(
            model_name='assessmentyear',
            name='posted_in_full_at',
            field=models.DateTimeField(null=True, verbose_name='全量入账时间'),
        ),
        migrations.AddField(
            model_name='run',
            name='has_later_lines',
            field=models.BooleanField(default=False, verbose_name='含截至日之后的行'),
        ),
        migrations.AddField(
            model_name='run',
            name='ledger_digest',
            field=models.CharField(blank=True, max_length=32, verbose_name='账本指纹'),
        ),
        migrations.AddField(
            model_name='run',
            name='posted_count',
            field=models.PositiveIntegerField(default=0, verbose_name='入账行数'),
        ),
        migrations.AddField(
            model_name='run',
            name='reversed_count',
            field=models.PositiveIntegerField(default=0, verbose_name='冲销行数'),
        ),
        migrations.AddField(
            model_name='run',
            name='wants_full',
            field=models.BooleanField(default=False, verbose_name='要求全量'),
        ),
        migrations.AddField(
            model_name='run',
            name='was_full',
            field=models.BooleanField(default=False, verbose_name='全量'),
        ),
        migrations.AlterField(
            model_name='run',
            name='state',
            field=models.CharField(choices=[('queued', '排队'), ('running', '核算中'), ('done', '完成'), ('failed', '失败'), ('cancelled', '已取消')], default='queued', max_length=12, verbose_name='状态'),
        ),
        migrations.AddIndex(
            model_name='creditdue',
            index=models.Index(fields=['year'], name='credit_due_year'),
        ),
        migrations.AddField(
            model_name='runpart',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='kpi.run', verbose_name='批次'),
        ),
        migrations.AddField(
            model_name='runsubtotals',
            name='run',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subtotals', to='kpi.run', verbose_name='批次'),
        ),
        migrations.AddConstraint(
            model_name='runpart',
            constraint=models.UniqueConstraint(fields=('run', 'name'), name='run_part_once'),
        ),
    ]
