select
    orders.order_id,
    orders.order_uuid,
    orders.organization_id,
    orders.customer_id,
    orders.billing_address_id,
    orders.shipping_address_id,
    orders.status,
    orders.is_gift,
    orders.attributes,
    orders.ordered_at,
    totals.line_count::integer as line_count,
    totals.order_total
from {{ ref('stg_orders') }} as orders
inner join {{ ref('int_order_totals') }} as totals using (order_id)
