CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`message` text NOT NULL,
	`number` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`result` text,
	`code` text,
	`detail` text,
	`http_status` integer,
	`request_id` text,
	`media_url` text,
	`message_id` text,
	`window` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_number` ON `attempts` (`message`,`number`);--> statement-breakpoint
CREATE INDEX `attempts_message_id` ON `attempts` (`message_id`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`sender` text NOT NULL,
	`phone` text,
	`karibu_id` text,
	`name` text,
	`last_inbound_at` integer,
	`evidence` text,
	`closed_verdict_at` integer,
	`closed_verdict_code` text,
	`opted_out_at` integer,
	`opt_word_at` integer,
	`last_invited_at` integer,
	`paid_until` integer DEFAULT 0 NOT NULL,
	`next_send_at` integer DEFAULT 0 NOT NULL,
	`busy_until` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_contact` ON `conversations` (`sender`,`phone`);--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_karibu` ON `conversations` (`karibu_id`);--> statement-breakpoint
CREATE INDEX `conversations_phone` ON `conversations` (`phone`);--> statement-breakpoint
CREATE INDEX `conversations_inbound` ON `conversations` (`last_inbound_at`);--> statement-breakpoint
CREATE TABLE `counters` (
	`sender` text NOT NULL,
	`month` text NOT NULL,
	`sends` integer NOT NULL,
	PRIMARY KEY(`sender`, `month`)
);
--> statement-breakpoint
CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `effects` (
	`key` text PRIMARY KEY NOT NULL,
	`shop` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event_bodies` (
	`event_id` text PRIMARY KEY NOT NULL,
	`content_type` text,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`delivery_key` text NOT NULL,
	`topic` text,
	`type` text NOT NULL,
	`order_id` text,
	`order_number` text,
	`conversation_id` text,
	`received_at` integer NOT NULL,
	`occurred_at` integer,
	`outcome` text NOT NULL,
	`reason` text,
	`trace` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_delivery` ON `events` (`source`,`delivery_key`);--> statement-breakpoint
CREATE INDEX `events_order` ON `events` (`source`,`order_id`);--> statement-breakpoint
CREATE INDEX `events_received` ON `events` (`received_at`);--> statement-breakpoint
CREATE TABLE `media` (
	`token` text PRIMARY KEY NOT NULL,
	`message` text NOT NULL,
	`type` text NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `media_message` ON `media` (`message`);--> statement-breakpoint
CREATE INDEX `media_created` ON `media` (`created_at`);--> statement-breakpoint
CREATE TABLE `media_fetches` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token` text NOT NULL,
	`at` integer NOT NULL,
	`method` text NOT NULL,
	`user_agent` text
);
--> statement-breakpoint
CREATE INDEX `media_fetches_token` ON `media_fetches` (`token`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`effect_key` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`shop` text,
	`order_id` text,
	`order_number` text,
	`rule` text,
	`cause` text NOT NULL,
	`event_id` text,
	`conversation_id` text,
	`sender` text NOT NULL,
	`phone` text,
	`customer_name` text,
	`caption` text NOT NULL,
	`caption_cut` integer DEFAULT false NOT NULL,
	`image_url` text,
	`template` text,
	`when_closed` text NOT NULL,
	`invite` text,
	`expires_after_ms` integer NOT NULL,
	`expires_at` integer,
	`next_attempt_at` integer,
	`lease_expires_at` integer,
	`attempt_count` integer DEFAULT 0 NOT NULL,
	`burned_count` integer DEFAULT 0 NOT NULL,
	`media_token` text,
	`media_failures` integer DEFAULT 0 NOT NULL,
	`message_id` text,
	`provider_message_id` text,
	`error_code` text,
	`error_detail` text,
	`status_poll_at` integer,
	`status_polls` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`accepted_at` integer,
	`sent_at` integer,
	`delivered_at` integer,
	`read_at` integer,
	`failed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_effect` ON `messages` (`effect_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_message_id` ON `messages` (`message_id`);--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`next_attempt_at`) WHERE status in ('queued', 'uncertain');--> statement-breakpoint
CREATE INDEX `messages_lease` ON `messages` (`lease_expires_at`) WHERE status = 'sending';--> statement-breakpoint
CREATE INDEX `messages_expiry` ON `messages` (`expires_at`) WHERE status = 'held';--> statement-breakpoint
CREATE INDEX `messages_status_poll` ON `messages` (`status_poll_at`) WHERE status in ('pending', 'sent', 'delivered');--> statement-breakpoint
CREATE INDEX `messages_conversation` ON `messages` (`conversation_id`,`status`);--> statement-breakpoint
CREATE INDEX `messages_order` ON `messages` (`shop`,`order_id`);--> statement-breakpoint
CREATE INDEX `messages_number` ON `messages` (`order_number`);--> statement-breakpoint
CREATE INDEX `messages_phone` ON `messages` (`phone`);--> statement-breakpoint
CREATE INDEX `messages_status` ON `messages` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `messages_created` ON `messages` (`created_at`);--> statement-breakpoint
CREATE TABLE `orders` (
	`shop` text NOT NULL,
	`order_id` text NOT NULL,
	`number` text NOT NULL,
	`updated_at` integer,
	`state` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`shop`, `order_id`)
);
--> statement-breakpoint
CREATE INDEX `orders_changed` ON `orders` (`changed_at`);--> statement-breakpoint
CREATE TABLE `sender_paces` (
	`sender` text PRIMARY KEY NOT NULL,
	`paid_until` integer NOT NULL,
	`next_send_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sender_pauses` (
	`sender` text PRIMARY KEY NOT NULL,
	`paused_until` integer NOT NULL,
	`probe_until` integer DEFAULT 0 NOT NULL,
	`paused_at` integer NOT NULL,
	`code` text NOT NULL,
	`detail` text
);
--> statement-breakpoint
CREATE TABLE `status_reports` (
	`event_id` text PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	`status` text NOT NULL,
	`error_code` text,
	`error_detail` text,
	`provider_message_id` text,
	`occurred_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`source` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `status_reports_message` ON `status_reports` (`message_id`);