CREATE TABLE `notifications` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`target` text NOT NULL,
	`message` text NOT NULL,
	`type` text NOT NULL,
	`facts` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` integer,
	`lease_expires_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notifications_due` ON `notifications` (`target`,`status`,`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `notifications_message` ON `notifications` (`message`,`target`);--> statement-breakpoint
CREATE INDEX `notifications_created` ON `notifications` (`target`,`created_at`);--> statement-breakpoint
CREATE TABLE `notify_targets` (
	`name` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`statuses` text NOT NULL,
	`shops` text,
	`resting_until` integer DEFAULT 0 NOT NULL,
	`off_since` integer
);
--> statement-breakpoint
CREATE TRIGGER `messages_made_told` AFTER INSERT ON `messages` BEGIN
	INSERT INTO `notifications` (`key`, `target`, `message`, `type`, `facts`, `status`, `next_attempt_at`, `created_at`)
	SELECT
		'ntf_' || lower(hex(randomblob(16))),
		`name`,
		new.`id`,
		'message.' || new.`status`,
		json_object(
			'id', new.`id`,
			'messageId', new.`message_id`,
			'providerMessageId', new.`provider_message_id`,
			'status', new.`status`,
			'reason', new.`reason`,
			'kind', new.`kind`,
			'shop', new.`shop`,
			'orderId', new.`order_id`,
			'orderNumber', new.`order_number`,
			'rule', new.`rule`,
			'phone', new.`phone`,
			'sender', new.`sender`,
			'customerName', new.`customer_name`,
			'caption', new.`caption`,
			'mediaToken', new.`media_token`,
			'errorCode', new.`error_code`,
			'errorDetail', new.`error_detail`,
			'attemptCount', new.`attempt_count`,
			'expiresAt', new.`expires_at`,
			'nextAttemptAt', new.`next_attempt_at`,
			'createdAt', new.`created_at`,
			'acceptedAt', new.`accepted_at`,
			'sentAt', new.`sent_at`,
			'deliveredAt', new.`delivered_at`,
			'readAt', new.`read_at`,
			'failedAt', new.`failed_at`
		),
		'waiting',
		CASE WHEN EXISTS (SELECT 1 FROM `notifications` WHERE `message` = new.`id` AND `target` = `name`) THEN NULL ELSE new.`updated_at` END,
		new.`updated_at`
	FROM `notify_targets`
	WHERE instr(`statuses`, ',' || new.`status` || ',') > 0
		AND (`shops` IS NULL OR instr(`shops`, ',' || new.`shop` || ',') > 0);
END;
--> statement-breakpoint
CREATE TRIGGER `messages_moved_told` AFTER UPDATE OF `status` ON `messages` WHEN new.`status` <> old.`status` BEGIN
	INSERT INTO `notifications` (`key`, `target`, `message`, `type`, `facts`, `status`, `next_attempt_at`, `created_at`)
	SELECT
		'ntf_' || lower(hex(randomblob(16))),
		`name`,
		new.`id`,
		'message.' || new.`status`,
		json_object(
			'id', new.`id`,
			'messageId', new.`message_id`,
			'providerMessageId', new.`provider_message_id`,
			'status', new.`status`,
			'reason', new.`reason`,
			'kind', new.`kind`,
			'shop', new.`shop`,
			'orderId', new.`order_id`,
			'orderNumber', new.`order_number`,
			'rule', new.`rule`,
			'phone', new.`phone`,
			'sender', new.`sender`,
			'customerName', new.`customer_name`,
			'caption', new.`caption`,
			'mediaToken', new.`media_token`,
			'errorCode', new.`error_code`,
			'errorDetail', new.`error_detail`,
			'attemptCount', new.`attempt_count`,
			'expiresAt', new.`expires_at`,
			'nextAttemptAt', new.`next_attempt_at`,
			'createdAt', new.`created_at`,
			'acceptedAt', new.`accepted_at`,
			'sentAt', new.`sent_at`,
			'deliveredAt', new.`delivered_at`,
			'readAt', new.`read_at`,
			'failedAt', new.`failed_at`
		),
		'waiting',
		CASE WHEN EXISTS (SELECT 1 FROM `notifications` WHERE `message` = new.`id` AND `target` = `name`) THEN NULL ELSE new.`updated_at` END,
		new.`updated_at`
	FROM `notify_targets`
	WHERE instr(`statuses`, ',' || new.`status` || ',') > 0
		AND (`shops` IS NULL OR instr(`shops`, ',' || new.`shop` || ',') > 0);
END;
