CREATE TABLE `api_pauses` (
	`shop` text PRIMARY KEY NOT NULL,
	`paused_until` integer NOT NULL,
	`paused_at` integer NOT NULL,
	`code` text NOT NULL,
	`detail` text
);
--> statement-breakpoint
CREATE TABLE `confirmation_events` (
	`confirmation` text NOT NULL,
	`event` text NOT NULL,
	PRIMARY KEY(`confirmation`, `event`)
);
--> statement-breakpoint
CREATE INDEX `confirmation_events_event` ON `confirmation_events` (`event`);--> statement-breakpoint
CREATE TABLE `confirmations` (
	`id` text PRIMARY KEY NOT NULL,
	`shop` text NOT NULL,
	`subject` text NOT NULL,
	`question` text NOT NULL,
	`claim` text NOT NULL,
	`event_id` text NOT NULL,
	`query` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`burned` integer DEFAULT 0 NOT NULL,
	`again` integer DEFAULT false NOT NULL,
	`next_attempt_at` integer,
	`lease_expires_at` integer,
	`last_code` text,
	`last_detail` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `confirmations_open` ON `confirmations` (`shop`,`question`) WHERE status in ('waiting', 'asking');--> statement-breakpoint
CREATE INDEX `confirmations_due` ON `confirmations` (`status`,`shop`,`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `confirmations_updated` ON `confirmations` (`updated_at`);--> statement-breakpoint
CREATE INDEX `confirmations_subject` ON `confirmations` (`shop`,`subject`);