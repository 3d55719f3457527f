select
    products.product_id,
    products.organization_id,
    products.product_name,
    coalesce(sum(items.quantity), 0)::integer as units_sold,
    coalesce(sum(items.line_total), 0)::numeric(14, 2) as sales_amount,
    max(items.ordered_at) as last_sold_at
from {{ ref('products') }} as products
left join {{ ref('order_items') }} as items using (product_id)
group by 1, 2, 3
