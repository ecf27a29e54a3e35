CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`target` text,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	`orders` integer DEFAULT 0 NOT NULL,
	`messages` integer DEFAULT 0 NOT NULL,
	`images` integer DEFAULT 0 NOT NULL,
	`events` integer DEFAULT 0 NOT NULL,
	`conversations` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `erasures_open` ON `erasures` (`id`) WHERE finished_at is null;--> statement-breakpoint
CREATE TABLE `keys` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `opt_outs` (
	`hash` text PRIMARY KEY NOT NULL,
	`opted_out_at` integer NOT NULL,
	`opt_word_at` integer
);
--> statement-breakpoint
CREATE INDEX `events_conversation` ON `events` (`conversation_id`) WHERE conversation_id is not null;