DROP INDEX `events_order`;--> statement-breakpoint
CREATE INDEX `events_number` ON `events` (`order_number`) WHERE order_number is not null;--> statement-breakpoint
CREATE INDEX `events_order` ON `events` (`order_id`,`source`);--> statement-breakpoint
DROP INDEX `messages_order`;--> statement-breakpoint
DROP INDEX `messages_phone`;--> statement-breakpoint
CREATE INDEX `messages_shop` ON `messages` (`shop`,`id`);--> statement-breakpoint
CREATE INDEX `messages_error` ON `messages` (`error_code`,`id`) WHERE error_code is not null;--> statement-breakpoint
CREATE INDEX `messages_order` ON `messages` (`order_id`,`shop`);--> statement-breakpoint
CREATE INDEX `messages_phone` ON `messages` (`phone`,`id`);--> statement-breakpoint
CREATE INDEX `orders_number` ON `orders` (`number`,`shop`);