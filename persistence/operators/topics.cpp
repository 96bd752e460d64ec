#include "persistence/operators/topics.hpp"

#include "persistence/operators/topics.sql.hpp"
#include "protocols/cluster/cluster.hpp"

namespace meisim {

topic_marks load_topic_marks(database& db) {
  topic_marks result;
  int patience = static_cast<int>(node_patience.count());
  long long mark = 0;
  soci::statement marks = (db.session().prepare << sql::load_topic_marks,
                           soci::use(patience, "patience"), soci::into(mark));
  marks.execute();
  while (marks.fetch())
    result.push_back(static_cast<uint64_t>(mark));
  return result;
}

} // namespace meisim
