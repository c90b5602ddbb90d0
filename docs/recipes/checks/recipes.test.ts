// Runs the conformance kit on every recipe, over every engine that its code fits.
import { after, before, describe, it } from "node:test";
import { testTotpStore } from "express-totp-setup/testing";
import * as clients from "./clients.js";
import { dynamodbUsers, mongodbUsers, mysqlUsers, postgresUsers, type Users } from "./users.js";

onEngine("PostgreSQL", process.env.DATABASE_URL, postgresUsers, {
  sql: clients.openSql,
  drizzle: clients.openDrizzle,
  knex: clients.openKnex("pg"),
  kysely: clients.openKyselyPostgres,
  prisma: clients.openPrisma,
  typeorm: clients.openTypeorm("postgres"),
});

onEngine("MySQL or MariaDB", process.env.MYSQL_URL, mysqlUsers, {
  knex: clients.openKnex("mysql2"),
  kysely: clients.openKyselyMysql,
  typeorm: clients.openTypeorm("mysql"),
});

onEngine("dynalite", process.env.DYNAMODB_URL, dynamodbUsers, { dynamodb: clients.openDynamodb });

onEngine("MongoDB", process.env.MONGODB_URL, mongodbUsers, { mongoose: clients.openMongoose });

function onEngine(
  engine: string,
  url: string | undefined,
  connect: (url: string) => Users,
  recipes: Record<string, clients.Open>,
): void {
  for (const [name, open] of Object.entries(recipes)) {
    describe(`${name} on ${engine}`, { skip: !url && `there is no ${engine}` }, () => {
      if (!url) return;
      const users = connect(url);
      // Two of a kind race each other, as two processes of an app do.
      const opened: clients.Opened[] = [];
      before(async () => {
        opened.push(await open(url), await open(url));
      });
      after(() => Promise.all([users, ...opened].map((each) => each.close())));

      let turn = 0;
      const createStore = () => {
        const { store } = opened[turn++ % opened.length] ?? {};
        if (!store) throw new Error("the recipe could not be opened");
        return store;
      };
      // Two pools have twenty connections: more calls than these race no harder.
      const options = { expires: false, createUser: users.add, parallel: 40 };
      testTotpStore({ describe, it }, createStore, options);
    });
  }
}
