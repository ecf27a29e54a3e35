CREATE TABLE `claim_links` (
	`shop` text NOT NULL,
	`order_id` text NOT NULL,
	`code_hash` text NOT NULL,
	`key_hashes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`claimed_at` integer,
	`claimed_by` text,
	PRIMARY KEY(`shop`, `order_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `claim_links_code` ON `claim_links` (`code_hash`);--> statement-breakpoint
CREATE INDEX `claim_links_claimed_by` ON `claim_links` (`claimed_by`) WHERE claimed_by is not null;--> statement-breakpoint
ALTER TABLE `conversations` ADD `codes_forgiven_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `messages` ADD `claimed_at` integer;