{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['organization_id', 'revenue_date'],
    on_schema_change='fail',
) }}

select
    organization_id,
    (ordered_at at time zone 'UTC')::date as revenue_date,
    count(*)::integer as order_count,
    sum(order_total)::numeric(14, 2) as day_revenue
from {{ ref('orders') }}
where
    status <> 'cancelled'
    {% if is_incremental() %}
    -- The last known day is read again: it may have been incomplete.
    and (ordered_at at time zone 'UTC')::date
    >= (select coalesce(max(revenue_date), '1970-01-01') from {{ this }})
    {% endif %}
group by 1, 2
