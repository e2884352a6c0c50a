export * from 'idb'
