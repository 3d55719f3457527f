{{ config(enabled=false) }}

select
    order_id,
    organization_id
from {{ ref('stg_orders') }}
where status = 'placed'
