import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { storedText, type TotpStore } from "express-totp-setup";

export function createDynamoStore(client: DynamoDBDocumentClient): TotpStore {
  const itemOf = (userId: string) => ({ TableName: "users", Key: { id: userId } });
  return {
    async get(userId) {
      const { Item } = await client.send(
        new GetCommand({ ...itemOf(userId), ConsistentRead: true, ProjectionExpression: "totp" }),
      );
      // An item without the attribute is a user without TOTP.
      return storedText("createDynamoStore", Item?.totp ?? null);
    },
    async compareAndSet(userId, expected, next) {
      const unchanged = expected === undefined ? "attribute_not_exists(totp)" : "totp = :expected";
      const update = new UpdateCommand({
        ...itemOf(userId),
        UpdateExpression: next === undefined ? "REMOVE totp" : "SET totp = :next",
        ConditionExpression: `attribute_exists(id) AND ${unchanged}`,
        ExpressionAttributeValues: {
          ...(expected !== undefined && { ":expected": expected }),
          ...(next !== undefined && { ":next": next }),
        },
      });
      try {
        await client.send(update);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
