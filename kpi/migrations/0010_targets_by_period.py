"""Targets get a period, a level and a unit; the stretch column is moved to rows of its own next."""

import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0009_fill_posted_counts'),
        ('staff', '0002_account_must_change_password'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='target',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='target',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='target',
            name='target_once',
        ),
        migrations.AddField(
            model_name='target',
            name='level',
            field=models.CharField(choices=[('base', '基本目标'), ('stretch', '加压目标')], default='base', max_length=8, verbose_name='档次'),
        ),
        migrations.AddField(
            model_name='target',
            name='period',
            field=models.CharField(choices=[('year', '全年'), ('H1', '上半年'), ('H2', '下半年'), ('Q1', '第一季度'), ('Q2', '第二季度'), ('Q3', '第三季度'), ('Q4', '第四季度'), ('M01', '1 月'), ('M02', '2 月'), ('M03', '3 月'), ('M04', '4 月'), ('M05', '5 月'), ('M06', '6 月'), ('M07', '7 月'), ('M08', '8 月'), ('M09', '9 月'), ('M10', '10 月'), ('M11', '11 月'), ('M12', '12 月')], default='year', max_length=4, verbose_name='时段'),
        ),
        migrations.AddField(
            model_name='target',
            name='unit',
            field=models.CharField(blank=True, max_length=20, verbose_name='单位'),
        ),
        migrations.AddField(
            model_name='targetevent',
            name='level',
            field=models.CharField(choices=[('base', '基本目标'), ('stretch', '加压目标')], default='base', max_length=8, verbose_name='档次'),
        ),
        migrations.AddField(
            model_name='targetevent',
            name='period',
            field=models.CharField(choices=[('year', '全年'), ('H1', '上半年'), ('H2', '下半年'), ('Q1', '第一季度'), ('Q2', '第二季度'), ('Q3', '第三季度'), ('Q4', '第四季度'), ('M01', '1 月'), ('M02', '2 月'), ('M03', '3 月'), ('M04', '4 月'), ('M05', '5 月'), ('M06', '6 月'), ('M07', '7 月'), ('M08', '8 月'), ('M09', '9 月'), ('M10', '10 月'), ('M11', '11 月'), ('M12', '12 月')], default='year', max_length=4, verbose_name='时段'),
        ),
        migrations.AddField(
            model_name='targetevent',
            name='unit',
            field=models.CharField(blank=True, max_length=20, verbose_name='单位'),
        ),
        migrations.AlterField(
            model_name='target',
            name='amount',
            field=models.DecimalField(decimal_places=4, max_digits=18, verbose_name='目标值'),
        ),
        migrations.AlterField(
            model_name='targetevent',
            name='amount',
            field=models.DecimalField(decimal_places=4, max_digits=18, verbose_name='目标值'),
        ),
        migrations.AddIndex(
            model_name='target',
            index=models.Index(fields=['year', 'period', 'level'], name='target_of_period'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['base', 'stretch']), ('period__in', ['year', 'H1', 'H2', 'Q1', 'Q2', 'Q3', 'Q4', 'M01', 'M02', 'M03', 'M04', 'M05', 'M06', 'M07', 'M08', 'M09', 'M10', 'M11', 'M12'])), name='target_of_a_known_period'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(fields=('year', 'indicator', 'person', 'team', 'period', 'level'), name='target_once', nulls_distinct=False),
        ),
    ]
