select
    order_id,
    order_uuid,
    organization_id,
    customer_id,
    billing_address_id,
    shipping_address_id,
    status,
    is_gift,
    attributes,
    ordered_at
from {{ ref('raw_orders') }}
